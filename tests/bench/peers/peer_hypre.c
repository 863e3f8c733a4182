// hypre peers on P1/P2/P3: struct PFMG-PCG, SMG-PCG, IJ BoomerAMG-PCG. z-slab partition.
// mpicc -O3 -march=native peer_hypre.c -lHYPRE -lm ; mpirun -n R ./peer_hypre <pfmg|pfmgrb|pfmgng|smg|amg|amgagg|amgdef> <P1|P2|P3> N tol reps
#include <mpi.h>
#include "HYPRE.h"
#include "HYPRE_struct_ls.h"
#include "HYPRE_krylov.h"
#include "HYPRE_parcsr_ls.h"
#include "problem.h"
static int R,NR,N,k0,k1,nl; static const char*sol; static double tol;
static double tsetup,tsolve,tfill; static int its; static double relres; static double opc=0;
// generic: shift (added to diagonal), face field c, rhs b (local), x (local, in/out)
static void solve_struct(const double*c,double shift,const double*b,double*x){
  static HYPRE_StructGrid g=0; static HYPRE_StructStencil st; int sym=1;
  int lo[3]={0,0,k0},hi[3]={N-1,N-1,k1-1};
  if(!g){HYPRE_StructGridCreate(MPI_COMM_WORLD,3,&g);HYPRE_StructGridSetExtents(g,lo,hi);HYPRE_StructGridAssemble(g);
    int off[4][3]={{0,0,0},{1,0,0},{0,1,0},{0,0,1}};HYPRE_StructStencilCreate(3,4,&st);for(int e=0;e<4;e++)HYPRE_StructStencilSetElement(st,e,off[e]);}
  MPI_Barrier(MPI_COMM_WORLD);double t0=p_now();
  HYPRE_StructMatrix A;HYPRE_StructVector B,X;
  HYPRE_StructMatrixCreate(MPI_COMM_WORLD,g,st,&A);HYPRE_StructMatrixSetSymmetric(A,sym);HYPRE_StructMatrixInitialize(A);
  double*v=malloc(sizeof(double)*4*(size_t)nl);int ent[4]={0,1,2,3};size_t q=0;
  for(int k=k0;k<k1;k++)for(int j=0;j<N;j++)for(int i=0;i<N;i++){double off[6],gl,gh;double d=p_row(N,c,i,j,k,off,&gl,&gh);
    v[q++]=d+shift;v[q++]=off[3];v[q++]=off[4];v[q++]=off[5];}
  HYPRE_StructMatrixSetBoxValues(A,lo,hi,4,ent,v);free(v);HYPRE_StructMatrixAssemble(A);
  HYPRE_StructVectorCreate(MPI_COMM_WORLD,g,&B);HYPRE_StructVectorInitialize(B);HYPRE_StructVectorSetBoxValues(B,lo,hi,(double*)b);HYPRE_StructVectorAssemble(B);
  HYPRE_StructVectorCreate(MPI_COMM_WORLD,g,&X);HYPRE_StructVectorInitialize(X);HYPRE_StructVectorSetBoxValues(X,lo,hi,x);HYPRE_StructVectorAssemble(X);
  HYPRE_StructSolver S,P;HYPRE_StructPCGCreate(MPI_COMM_WORLD,&S);HYPRE_StructPCGSetTol(S,tol);HYPRE_StructPCGSetTwoNorm(S,1);HYPRE_StructPCGSetMaxIter(S,500);
  MPI_Barrier(MPI_COMM_WORLD);double t1=p_now();
  if(!strncmp(sol,"pfmg",4)){HYPRE_StructPFMGCreate(MPI_COMM_WORLD,&P);HYPRE_StructPFMGSetMaxIter(P,1);HYPRE_StructPFMGSetTol(P,0);HYPRE_StructPFMGSetZeroGuess(P);
    HYPRE_StructPFMGSetRelaxType(P,!strcmp(sol,"pfmgj")?1:2);HYPRE_StructPFMGSetRAPType(P,!strcmp(sol,"pfmgng")?1:0);HYPRE_StructPFMGSetSkipRelax(P,!strcmp(sol,"pfmgns")?0:1);
    HYPRE_StructPCGSetPrecond(S,HYPRE_StructPFMGSolve,HYPRE_StructPFMGSetup,P);}
  else {HYPRE_StructSMGCreate(MPI_COMM_WORLD,&P);HYPRE_StructSMGSetMemoryUse(P,0);HYPRE_StructSMGSetMaxIter(P,1);HYPRE_StructSMGSetTol(P,0);HYPRE_StructSMGSetZeroGuess(P);HYPRE_StructSMGSetNumPreRelax(P,1);HYPRE_StructSMGSetNumPostRelax(P,1);
    HYPRE_StructPCGSetPrecond(S,HYPRE_StructSMGSolve,HYPRE_StructSMGSetup,P);}
  HYPRE_StructPCGSetup(S,A,B,X);MPI_Barrier(MPI_COMM_WORLD);double t2=p_now();
  HYPRE_StructPCGSolve(S,A,B,X);MPI_Barrier(MPI_COMM_WORLD);double t3=p_now();
  HYPRE_StructPCGGetNumIterations(S,&its);HYPRE_StructPCGGetFinalRelativeResidualNorm(S,&relres);
  HYPRE_StructVectorGetBoxValues(X,lo,hi,x);
  if(!strncmp(sol,"pfmg",4))HYPRE_StructPFMGDestroy(P);else HYPRE_StructSMGDestroy(P);
  HYPRE_StructPCGDestroy(S);HYPRE_StructMatrixDestroy(A);HYPRE_StructVectorDestroy(B);HYPRE_StructVectorDestroy(X);
  tfill=t1-t0;tsetup=t2-t1;tsolve=t3-t2;
}
static void solve_ij(const double*c,double shift,const double*b,double*x){
  MPI_Barrier(MPI_COMM_WORLD);double t0=p_now();
  int NN=N*N,il=k0*NN,iu=k1*NN-1;HYPRE_IJMatrix A;HYPRE_IJVector B,X;
  HYPRE_IJMatrixCreate(MPI_COMM_WORLD,il,iu,il,iu,&A);HYPRE_IJMatrixSetObjectType(A,HYPRE_PARCSR);
  int*sz=malloc(nl*sizeof(int)),*rows=malloc(nl*sizeof(int));
  for(int q=0;q<nl;q++){sz[q]=7;rows[q]=il+q;}
  HYPRE_IJMatrixSetRowSizes(A,sz);HYPRE_IJMatrixInitialize(A);
  int*cols=malloc((size_t)nl*7*sizeof(int));double*v=malloc((size_t)nl*7*sizeof(double));size_t p=0;long q=0;
  for(int k=k0;k<k1;k++)for(int j=0;j<N;j++)for(int i=0;i<N;i++,q++){double off[6],gl,gh;double d=p_row(N,c,i,j,k,off,&gl,&gh);size_t s=p;int r=il+q;
    cols[p]=r;v[p++]=d+shift;int st[6]={-NN,-N,-1,1,N,NN};for(int f=0;f<6;f++)if(off[f]!=0){cols[p]=r+st[f];v[p++]=off[f];}sz[q]=p-s;}
  HYPRE_IJMatrixSetValues(A,nl,sz,rows,cols,v);HYPRE_IJMatrixAssemble(A);free(cols);free(v);
  HYPRE_IJVectorCreate(MPI_COMM_WORLD,il,iu,&B);HYPRE_IJVectorSetObjectType(B,HYPRE_PARCSR);HYPRE_IJVectorInitialize(B);HYPRE_IJVectorSetValues(B,nl,rows,b);HYPRE_IJVectorAssemble(B);
  HYPRE_IJVectorCreate(MPI_COMM_WORLD,il,iu,&X);HYPRE_IJVectorSetObjectType(X,HYPRE_PARCSR);HYPRE_IJVectorInitialize(X);HYPRE_IJVectorSetValues(X,nl,rows,x);HYPRE_IJVectorAssemble(X);
  HYPRE_ParCSRMatrix pa;HYPRE_ParVector pb,px;HYPRE_IJMatrixGetObject(A,(void**)&pa);HYPRE_IJVectorGetObject(B,(void**)&pb);HYPRE_IJVectorGetObject(X,(void**)&px);
  HYPRE_Solver S,P;HYPRE_ParCSRPCGCreate(MPI_COMM_WORLD,&S);HYPRE_PCGSetTol(S,tol);HYPRE_PCGSetTwoNorm(S,1);HYPRE_PCGSetMaxIter(S,500);
  HYPRE_BoomerAMGCreate(&P);HYPRE_BoomerAMGSetTol(P,0);HYPRE_BoomerAMGSetMaxIter(P,1);HYPRE_BoomerAMGSetPrintLevel(P,0);
  if(strcmp(sol,"amgdef")){HYPRE_BoomerAMGSetCoarsenType(P,8);HYPRE_BoomerAMGSetInterpType(P,6);HYPRE_BoomerAMGSetPMaxElmts(P,4);HYPRE_BoomerAMGSetStrongThreshold(P,0.5);HYPRE_BoomerAMGSetRelaxType(P,8);
    if(!strcmp(sol,"amgagg"))HYPRE_BoomerAMGSetAggNumLevels(P,1);}
  HYPRE_PCGSetPrecond(S,(HYPRE_PtrToSolverFcn)HYPRE_BoomerAMGSolve,(HYPRE_PtrToSolverFcn)HYPRE_BoomerAMGSetup,P);
  MPI_Barrier(MPI_COMM_WORLD);double t1=p_now();HYPRE_ParCSRPCGSetup(S,pa,pb,px);MPI_Barrier(MPI_COMM_WORLD);double t2=p_now();HYPRE_ParCSRPCGSolve(S,pa,pb,px);MPI_Barrier(MPI_COMM_WORLD);double t3=p_now();
  HYPRE_PCGGetNumIterations(S,&its);HYPRE_PCGGetFinalRelativeResidualNorm(S,&relres);HYPRE_IJVectorGetValues(X,nl,rows,x);
  HYPRE_BoomerAMGDestroy(P);HYPRE_ParCSRPCGDestroy(S);HYPRE_IJMatrixDestroy(A);HYPRE_IJVectorDestroy(B);HYPRE_IJVectorDestroy(X);free(sz);free(rows);
  tfill=t1-t0;tsetup=t2-t1;tsolve=t3-t2;
}
static void solve(const double*c,double s,const double*b,double*x){if(!strncmp(sol,"amg",3))solve_ij(c,s,b,x);else solve_struct(c,s,b,x);}
int main(int ac,char**av){
  MPI_Init(&ac,&av);MPI_Comm_rank(MPI_COMM_WORLD,&R);MPI_Comm_size(MPI_COMM_WORLD,&NR);HYPRE_Init();
  sol=av[1];const char*pb=av[2];N=atoi(av[3]);tol=atof(av[4]);int reps=atoi(av[5]);
  k0=N*R/NR;k1=N*(R+1)/NR;nl=(k1-k0)*N*N;size_t n=(size_t)N*N*N,o=(size_t)k0*N*N;
  double*sig=malloc(n*8),*kap=malloc(n*8),*b=malloc(nl*8ul),*x=malloc(nl*8ul);p_maps(N,getenv("COND")?atof(getenv("COND")):800,getenv("INSUL")?atof(getenv("INSUL")):1e-2,sig,kap);
  double S[50],T[50],F[50];int itp=0;double I=0;
  #define RHS_P1 for(int k=k0,q=0;k<k1;k++)for(int r=0;r<N*N;r++,q++)b[q]=k==N-1?2*sig[o+q]*PV/p_aspect():0
  double sh=PRHOCP*PH*PH/PDT;
  if(!strcmp(pb,"P1")||!strcmp(pb,"P2")){
    int nr=!strcmp(pb,"P1")?reps:1;
    for(int r=0;r<nr;r++){RHS_P1;memset(x,0,nl*8ul);solve(sig,0,b,x);S[r]=tsetup;T[r]=tsolve;F[r]=tfill;}itp=its;
    if(R==0)for(int q=0;q<N*N;q++)I+=2*sig[q]*x[q]/p_aspect();
    if(!strcmp(pb,"P2")){double*phi=malloc(n*8),*q=malloc(n*8);MPI_Allgather(x,nl,MPI_DOUBLE,phi,nl,MPI_DOUBLE,MPI_COMM_WORLD);p_joule(N,sig,phi,q,k0,k1);free(phi);
      double P=0;for(int r=0;r<reps;r++){for(int k=k0,c=0;k<k1;k++)for(int e=0;e<N*N;e++,c++){b[c]=sh*PT0+q[o+c]+((k==0)+(k==N-1))*2*kap[o+c]*PT0;x[c]=PT0;}
        solve(kap,sh,b,x);S[r]=tsetup;T[r]=tsolve;F[r]=tfill;}itp=its;I=0;for(int c=0;c<nl;c++)I+=x[c]/n;(void)P;free(q);double Ig;MPI_Reduce(&I,&Ig,1,MPI_DOUBLE,MPI_SUM,0,MPI_COMM_WORLD);I=Ig;}
  }
  if(!strcmp(pb,"P3")){reps=1;double t0=p_now();double*phi=malloc(n*8),*q=malloc(n*8),*sT=malloc(n*8),*Tl=malloc(nl*8ul),*Tg=malloc(n*8);long i1=0,i2=0;double ts=0,tv=0;
    for(size_t c=0;c<n;c++)Tg[c]=PT0;for(int c=0;c<nl;c++){Tl[c]=PT0;x[c]=0;}
    for(int s=0;s<100;s++){for(size_t c=0;c<n;c++)sT[c]=sig[c]*(1+(Tg[c]-300)/1000);
      for(int k=k0,c=0;k<k1;k++)for(int r=0;r<N*N;r++,c++)b[c]=k==N-1?2*sT[o+c]*PV:0;
      solve(sT,0,b,x);i1+=its;ts+=tsetup+tfill;tv+=tsolve;
      MPI_Allgather(x,nl,MPI_DOUBLE,phi,nl,MPI_DOUBLE,MPI_COMM_WORLD);p_joule(N,sT,phi,q,k0,k1);
      for(int k=k0,c=0;k<k1;k++)for(int e=0;e<N*N;e++,c++)b[c]=sh*Tl[c]+q[o+c]+((k==0)+(k==N-1))*2*kap[o+c]*PT0;
      solve(kap,sh,b,Tl);i2+=its;ts+=tsetup+tfill;tv+=tsolve;MPI_Allgather(Tl,nl,MPI_DOUBLE,Tg,nl,MPI_DOUBLE,MPI_COMM_WORLD);}
    double tm=0,mx=0;for(size_t c=0;c<n;c++){tm+=Tg[c]/n;if(Tg[c]>mx)mx=Tg[c];}
    if(R==0)printf("hypre %s P3 N=%d ranks=%d tol=%g total=%.2f s (fill+setup %.2f, solve %.2f) its phi=%ld T=%ld Tmean=%.6g Tmax=%.6g rss=%.0f MB/rank\n",sol,N,NR,tol,p_now()-t0,ts,tv,i1,i2,tm,mx,p_rss_mb());}
  else { double rss=p_rss_mb(),rs;MPI_Reduce(&rss,&rs,1,MPI_DOUBLE,MPI_SUM,0,MPI_COMM_WORLD);
    if(R==0){double fm=1e9,sm=1e9,tm=1e9;for(int r=0;r<reps;r++){if(S[r]+T[r]<sm+tm){sm=S[r];tm=T[r];}if(F[r]<fm)fm=F[r];}
      double U[50];for(int r=0;r<reps;r++)U[r]=S[r]+T[r];
    printf("hypre %s %s N=%d ranks=%d tol=%g it=%d rel=%.2e fill=%.3f setup=%.3f solve=%.3f setup+solve min=%.3f med=%.3f s => %.3f s/Mcell rss=%.0f MB check=%.9g\n",sol,pb,N,NR,tol,itp,relres,fm,sm,tm,sm+tm,p_med(U,reps),(sm+tm)/(n/1e6),rs,I);fflush(stdout);}}
  MPI_Finalize();return 0;}

// Reference problems P1/P2/P3: explicit, regenerable definition (plain C99 / C++).
// index = (k*N + j)*N + i, i fastest; electrodes at k=0 (0 V) and k=N-1 (10 V); all rows divided by h.
#ifndef PEERS_PROBLEM_H
#define PEERS_PROBLEM_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <time.h>
#include <sys/resource.h>
static const double PH=50e-6, PV=10.0, PRHOCP=1e6, PDT=0.05, PT0=300.0, PK=0.3, PKDEF=5.0;
static inline uint64_t p_splitmix(uint64_t*s){uint64_t z=(*s+=0x9E3779B97F4A7C15ull);
  z=(z^(z>>30))*0xBF58476D1CE4E5B9ull; z=(z^(z>>27))*0x94D049BB133111EBull; return z^(z>>31);}
static inline double p_unit(uint64_t*s){return (double)(p_splitmix(s)>>11)*0x1p-53;}
// Spheres drawn until >=10% of voxels are covered: 4 draws each (cx,cy,cz in [0,N), r in [3,8]);
// sphere number even -> conductive, odd -> insulating; a later sphere overwrites an earlier one.
// voxel covered when its centre (i+.5,j+.5,k+.5) is within r. seed 12345. Not periodic.
static inline void p_maps(int N,double cond,double insul,double*sigma,double*kap){
  size_t n=(size_t)N*N*N,cov=0; for(size_t i=0;i<n;i++){sigma[i]=100.0; if(kap)kap[i]=PK;}
  unsigned char*mark=(unsigned char*)calloc(n,1);
  uint64_t s=getenv("SEED")?strtoull(getenv("SEED"),0,10):12345; int id=0; // SEED only for robustness sweeps
  while(cov*10<n){
    double cx=p_unit(&s)*N,cy=p_unit(&s)*N,cz=p_unit(&s)*N,r=3+5*p_unit(&s);
    double v=(id%2==0)?cond:insul; id++;
    int k0=(int)floor(cz-r)-1,k1=(int)ceil(cz+r)+1,j0=(int)floor(cy-r)-1,j1=(int)ceil(cy+r)+1,i0=(int)floor(cx-r)-1,i1=(int)ceil(cx+r)+1;
    if(k0<0)k0=0; if(j0<0)j0=0; if(i0<0)i0=0; if(k1>N)k1=N; if(j1>N)j1=N; if(i1>N)i1=N;
    for(int k=k0;k<k1;k++)for(int j=j0;j<j1;j++)for(int i=i0;i<i1;i++){
      double dx=i+.5-cx,dy=j+.5-cy,dz=k+.5-cz;
      if(dx*dx+dy*dy+dz*dz<=r*r){size_t c=((size_t)k*N+j)*N+i; if(!mark[c]){mark[c]=1;cov++;} sigma[c]=v; if(kap)kap[c]=PKDEF;}
    }}
  free(mark);
}
static inline double p_harm(double a,double b){return 2*a*b/(a+b);}
// dz / dx of the voxels (environment variable ASPECT); faces normal to x and y scale with it, those normal to z with its inverse
static inline double p_aspect(void){static double a=0; if(a==0)a=getenv("ASPECT")?atof(getenv("ASPECT")):1.0; return a;}
// row of the operator for cell (i,j,k): off[6] in order -z,-y,-x,+x,+y,+z (0 where no neighbour), returns diagonal; bdiri = Dirichlet rhs weight sums
static inline double p_row(int N,const double*s,int i,int j,int k,double off[6],double*glo,double*ghi){
  size_t c=((size_t)k*N+j)*N+i; double d=0,a=s[c]; size_t NN=(size_t)N*N;
  off[0]=k>0?-p_harm(a,s[c-NN]):0; off[1]=j>0?-p_harm(a,s[c-N]):0; off[2]=i>0?-p_harm(a,s[c-1]):0;
  off[3]=i<N-1?-p_harm(a,s[c+1]):0; off[4]=j<N-1?-p_harm(a,s[c+N]):0; off[5]=k<N-1?-p_harm(a,s[c+NN]):0;
  const double w=p_aspect(); for(int q=1;q<5;q++)off[q]*=w; off[0]/=w; off[5]/=w;
  for(int q=0;q<6;q++)d-=off[q];
  *glo=k==0?2*a/w:0; *ghi=k==N-1?2*a/w:0; return d+*glo+*ghi;
}
// Joule heat (W/m3) * h^2 for cells of planes [k0,k1); phi is the full field: each half face dissipates I^2/(2 sigma)
static inline void p_joule(int N,const double*s,const double*phi,double*q,int k0,int k1){
  size_t NN=(size_t)N*N;
  #pragma omp parallel for
  for(int k=k0;k<k1;k++)for(int j=0;j<N;j++)for(int i=0;i<N;i++){
    size_t c=((size_t)k*N+j)*N+i; double off[6],gl,gh; p_row(N,s,i,j,k,off,&gl,&gh);
    long st[6]={-(long)NN,-N,-1,1,N,(long)NN}; double w=0;
    for(int f=0;f<6;f++)if(off[f]!=0){double I=-off[f]*(phi[c]-phi[c+st[f]]); w+=I*I/(2*s[c]);}
    w+=gl*phi[c]*phi[c]+gh*(phi[c]-PV)*(phi[c]-PV); q[c]=w;}
}
static inline double p_now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static inline double p_rss_mb(void){struct rusage r;getrusage(RUSAGE_SELF,&r);return r.ru_maxrss/1024.0;}
static inline int p_cmpd(const void*a,const void*b){double x=*(const double*)a,y=*(const double*)b;return x<y?-1:x>y;}
static inline double p_med(double*v,int n){qsort(v,n,sizeof(double),p_cmpd);return n%2?v[n/2]:0.5*(v[n/2-1]+v[n/2]);}
// fingerprint to check that the map was regenerated identically
static inline uint64_t p_hash(size_t n,const double*s){uint64_t h=1469598103934665603ull;for(size_t i=0;i<n;i++){unsigned v=s[i]>100?2:s[i]<100?1:0;h=(h^v)*1099511628211ull;}return h;}
#endif

// SPDX-License-Identifier: Apache-2.0
// What differs between g++ and nvcc, and nothing else. JT_HD marks code that runs on host and device; it is always inlined, so
// that two compilers never share one out-of-line copy. JT_NS is the namespace of the translation unit that compiles kernels
// (cpu or cuda); it is set by the .cpp/.cu file before any kernel header.
#pragma once

#ifdef __CUDACC__
#define JT_HD __host__ __device__ __forceinline__
#else
#define JT_HD inline __attribute__((always_inline))
#endif

#ifndef JT_NS
#define JT_NS cpu
#endif

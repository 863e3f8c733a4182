// SPDX-License-Identifier: Apache-2.0
// The one launcher of the CUDA device: the same interface as launch_cpu.hpp on one CUDA stream. Stages of a sweep are launches
// one after the other. Sums: each block adds its cells with CUB, the block sums are added by CUB's deterministic device sum
// over an array of fixed shape, so a sum has the same bits on every run on the same GPU.
#pragma once
#include <cuda_runtime.h>

#include <cub/block/block_reduce.cuh>
#include <cub/device/device_reduce.cuh>
#include <string>
#include <type_traits>
#include <utility>

#include "kernels/error.hpp"
#include "kernels/grid.hpp"

namespace jt::JT_NS {

inline void check(cudaError_t code, const char* what) {
    if (code == cudaSuccess) return;
    const std::string text = std::string("device cuda: ") + what + ": " + cudaGetErrorString(code);
    throw DeviceError(text);
}

class Stream {
public:
    Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cannot make a stream"); }
    Stream(Stream&& other) noexcept
        : stream_(std::exchange(other.stream_, nullptr)),
          block_sums_(std::exchange(other.block_sums_, nullptr)),
          scratch_(std::exchange(other.scratch_, nullptr)),
          blocks_(std::exchange(other.blocks_, 0)),
          scratch_bytes_(std::exchange(other.scratch_bytes_, 0)) {}
    Stream(const Stream&) = delete;
    ~Stream() {
        cudaFree(block_sums_);
        cudaFree(scratch_);
        if (stream_) cudaStreamDestroy(stream_);
    }

    cudaStream_t handle() const { return stream_; }
    void* allocate(std::size_t bytes) {
        void* memory = nullptr;
        check(cudaMalloc(&memory, bytes), ("no memory for a field of " + std::to_string(bytes) + " bytes").c_str());
        return memory;
    }
    void release(void* memory) {
        cudaStreamSynchronize(stream_);
        cudaFree(memory);
    }
    void zero(void* memory, std::size_t bytes) { check(cudaMemsetAsync(memory, 0, bytes, stream_), "fill with zero"); }
    void upload(void* device, const void* host, std::size_t bytes) {
        check(cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, stream_), "upload");
    }
    void download(void* host, const void* device, std::size_t bytes) {
        check(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, stream_), "download");
        synchronise();
    }
    void synchronise() { check(cudaStreamSynchronize(stream_), "a kernel failed"); }

    // Room for the sums of `blocks` blocks and CUB's own memory; grows at set-up, constant in a run.
    double* block_sums(int blocks) {
        if (blocks > blocks_) {
            synchronise();
            cudaFree(block_sums_);
            cudaFree(scratch_);
            check(cudaMalloc(&block_sums_, std::size_t(blocks) * sizeof(double)), "no memory for sums");
            check(cub::DeviceReduce::Sum(nullptr, scratch_bytes_, block_sums_, block_sums_, blocks, stream_), "sum");
            check(cudaMalloc(&scratch_, scratch_bytes_), "no memory for sums");
            blocks_ = blocks;
        }
        return block_sums_;
    }
    void add_blocks(int blocks, double* result) {
        std::size_t bytes = scratch_bytes_;
        check(cub::DeviceReduce::Sum(scratch_, bytes, block_sums_, result, blocks, stream_), "sum");
    }

private:
    cudaStream_t stream_ = nullptr;
    double* block_sums_ = nullptr;
    void* scratch_ = nullptr;
    int blocks_ = 0;
    std::size_t scratch_bytes_ = 0;
};

template <class F>
inline constexpr bool kSums = !std::is_void_v<decltype(std::declval<const F&>()(Cell{}))>;

inline constexpr int kBlockX = 64, kBlockY = 4;

template <class F>
__global__ void __launch_bounds__(kBlockX* kBlockY) cell_kernel(Grid grid, F f) {
    if constexpr (requires { f.load(); }) f.load();
    const int i = int(blockIdx.x) * kBlockX + int(threadIdx.x), j = int(blockIdx.y) * kBlockY + int(threadIdx.y);
    if (i >= grid.nx || j >= grid.ny) return;
    for (int k = int(blockIdx.z); k < grid.nz; k += int(gridDim.z)) f(grid.cell(i, j, k));
}

template <class F>
__global__ void __launch_bounds__(kBlockX* kBlockY) sum_kernel(Grid grid, F f, double* block_sums) {
    using Reduce = cub::BlockReduce<double, kBlockX, cub::BLOCK_REDUCE_WARP_REDUCTIONS, kBlockY>;
    __shared__ typename Reduce::TempStorage storage;
    if constexpr (requires { f.load(); }) f.load();
    const int i = int(blockIdx.x) * kBlockX + int(threadIdx.x), j = int(blockIdx.y) * kBlockY + int(threadIdx.y);
    double own = 0.0;
    if (i < grid.nx && j < grid.ny)
        for (int k = int(blockIdx.z); k < grid.nz; k += int(gridDim.z)) own += f(grid.cell(i, j, k));
    const double sum = Reduce(storage).Sum(own);
    if (threadIdx.x == 0 && threadIdx.y == 0)
        block_sums[(Index(blockIdx.z) * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x] = sum;
}

inline dim3 blocks_for(const Grid& grid) {
    const int z = grid.nz < 65535 ? grid.nz : 65535;
    return dim3(unsigned((grid.nx + kBlockX - 1) / kBlockX), unsigned((grid.ny + kBlockY - 1) / kBlockY), unsigned(z));
}

template <class F>
void launch(Stream& stream, const Grid& grid, double* result, const F& f) {
    static_assert(std::is_trivially_copyable_v<F>);
    const dim3 blocks = blocks_for(grid), threads(kBlockX, kBlockY);
    if constexpr (kSums<F>) {
        const int count = int(blocks.x * blocks.y * blocks.z);
        double* sums = stream.block_sums(count);
        sum_kernel<<<blocks, threads, 0, stream.handle()>>>(grid, f, sums);
        check(cudaGetLastError(), "launch");
        stream.add_blocks(count, result);
    } else {
        cell_kernel<<<blocks, threads, 0, stream.handle()>>>(grid, f);
        check(cudaGetLastError(), "launch");
    }
}

template <class... Stages>
void sweep(Stream& stream, const Grid& grid, double* result, const Stages&... stages) {
    static_assert((int(kSums<Stages>) + ... + 0) <= 1, "one sum per sweep");
    (launch(stream, grid, result, stages), ...);
}

template <class F>
void for_each_cell(Stream& stream, const Grid& grid, const F& f) {
    static_assert(!kSums<F>);
    launch(stream, grid, nullptr, f);
}

template <class F>
void sum_cells(Stream& stream, const Grid& grid, double* result, const F& f) {
    static_assert(kSums<F>);
    launch(stream, grid, result, f);
}

}  // namespace jt::JT_NS

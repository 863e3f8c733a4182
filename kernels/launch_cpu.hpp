// SPDX-License-Identifier: Apache-2.0
// The one launcher of the CPU and of the mirror device: runs a functor once per cell, on OpenMP threads.
//
// Stages. sweep(stream, grid, A, B, ...) means: A everywhere, then B everywhere. A stage may read what an earlier stage wrote
// in its own cell and in the six neighbours, and must not depend on the order of its cells. The CPU uses that freedom: B
// follows one plane behind A while the data is in the cache; each thread owns a slab of planes and finishes its rims after a
// barrier.
//
// Sums. A stage that returns a double contributes to one sum. The sum of each row is formed in cell order and the rows are
// added in row order, so the bits do not depend on the number of threads nor on the order in which rows run.
//
// load(). A functor that needs scalars from device memory has a member load(), called once before its cells.
//
// The mirror device queues everything and runs it at synchronise(), optionally with cells in reverse order.
#pragma once
#include <omp.h>

#include <sys/mman.h>

#include <algorithm>
#include <concepts>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/error.hpp"
#include "kernels/grid.hpp"

namespace jt::JT_NS {

class Stream {
public:
    enum class Order { forward, reverse };
    explicit Stream(bool deferred = false, Order order = Order::forward) : deferred_(deferred), order_(order) {}

    template <class Task>
    void submit(Task task) {
        if (deferred_)
            queue_.emplace_back(std::move(task));
        else
            task();
    }
    void synchronise() {
        // A task never submits another one, so the queue does not grow while it runs.
        for (auto& task : queue_) task();
        queue_.clear();
    }
    bool deferred() const { return deferred_; }
    bool reversed() const { return order_ == Order::reverse; }

    void* allocate(std::size_t bytes) {
        const std::size_t page = bytes >= kHugePage ? kHugePage : 64, size = (bytes + page - 1) / page * page;
        void* memory = size < bytes ? nullptr : std::aligned_alloc(page, size);
        if (!memory) throw DeviceError("cpu: no memory for a field of " + std::to_string(bytes) + " bytes");
        if (page == kHugePage) madvise(memory, size, MADV_HUGEPAGE);  // a hint: fewer address translations in the sweeps
        if (deferred_) std::memset(memory, 0xff, bytes);              // NaN as float and as double
        return memory;
    }
    void release(void* memory) {
        synchronise();
        std::free(memory);
    }
    void zero(void* memory, std::size_t bytes) {
        submit([=] { std::memset(memory, 0, bytes); });
    }
    void upload(void* device, const void* host, std::size_t bytes) {
        submit([=] { std::memcpy(device, host, bytes); });
    }
    void download(void* host, const void* device, std::size_t bytes) {
        submit([=] { std::memcpy(host, device, bytes); });
        synchronise();
    }

    double* row_sums(Index rows) {  // scratch of the launcher
        if (Index(row_sums_.size()) < rows) row_sums_.resize(std::size_t(rows));
        return row_sums_.data();
    }
    std::size_t scratch_bytes() const { return row_sums_.size() * sizeof(double); }

private:
    static constexpr std::size_t kHugePage = std::size_t(2) << 20;
    bool deferred_;
    Order order_;
    std::vector<std::function<void()>> queue_;
    std::vector<double> row_sums_;
};

template <class F>
concept CellFunctor = std::is_trivially_copyable_v<F> && requires(const F f, Cell c) {
    f(c);
};

template <class F>
inline constexpr bool kSums = !std::is_void_v<decltype(std::declval<const F&>()(Cell{}))>;

// Below this a parallel region costs more than it saves: about 10 us of work on one core.
inline constexpr Index kParallelCells = 8000;

template <class F>
F loaded(F f) {
    if constexpr (requires { f.load(); }) f.load();
    return f;
}

// The rows of run_rows_of_plane; of kNx cells where the compiler is to know it, else of grid.nx (0).
template <int kNx, class F>
[[gnu::always_inline]] inline void run_rows_of(const Grid& grid, int j_begin, int j_end, int k, const F& f,
                                               [[maybe_unused]] double* row_sums) {
    const int nx = kNx > 0 ? kNx : grid.nx;
    Index row = grid.index(0, j_begin, k);
    for (int j = j_begin; j < j_end; ++j, row += grid.stride_y()) {
        if constexpr (kSums<F>) {
            double sum = 0.0;
#pragma omp simd reduction(+ : sum)
            for (int i = 0; i < nx; ++i) sum += f(Cell{i, j, k, row + i});
            row_sums[Index(k) * grid.ny + j] = sum;
        } else {
#pragma omp simd
            for (int i = 0; i < nx; ++i) f(Cell{i, j, k, row + i});
        }
    }
}

// Rows [j_begin, j_end) of a plane. Never inlined: one compiled body for every caller, so that a row's sum has the same bits
// whoever runs it; several rows in one call: with one row a call a run of 64^3 cells takes a tenth longer. Rows of 16 cells, of
// the members of a twin of 32^3 cells, are one or two vectors long: with a loop that knows that, a filter of 16 members and its
// forecasts take a seventh less time; rows of 8 and 32 gain nothing.
template <class F>
[[gnu::noinline]] void run_rows_of_plane(const Grid& grid, int j_begin, int j_end, int k, const F& shared, double* row_sums) {
    const F f = shared;  // a local copy: its pointers stay in registers
    if (grid.nx == 16)
        run_rows_of<16>(grid, j_begin, j_end, k, f, row_sums);
    else
        run_rows_of<0>(grid, j_begin, j_end, k, f, row_sums);
}

template <class F>
inline void run_plane(const Grid& grid, int k, const F& f, double* row_sums) {
    run_rows_of_plane(grid, 0, grid.ny, k, f, row_sums);
}

// One stage over all rows, shared out among the threads of the calling parallel region.
template <class F>
inline void run_rows(const Grid& grid, const F& f, double* row_sums, int thread, int threads) {
    const Index rows = grid.rows(), begin = rows * thread / threads, end = rows * (thread + 1) / threads;
    for (Index row = begin; row < end;) {
        const int j = int(row % grid.ny), k = int(row / grid.ny);
        const int j_end = int(std::min<Index>(grid.ny, j + (end - row)));
        run_rows_of_plane(grid, j, j_end, k, f, row_sums);
        row += j_end - j;
    }
}

template <class F>
inline void run_reversed(const Grid& grid, const F& f, double* row_sums) {
    for (int k = grid.nz - 1; k >= 0; --k)
        for (int j = grid.ny - 1; j >= 0; --j) {
            if constexpr (kSums<F>)
                run_rows_of_plane(grid, j, j + 1, k, f, row_sums);
            else
                for (int i = grid.nx - 1; i >= 0; --i) f(grid.cell(i, j, k));
        }
}

// The slab of planes [begin, end) of one thread: every stage one plane behind the one before, rims left out.
template <class Stages, std::size_t... S>
inline void run_slab(const Grid& grid, int begin, int end, const Stages& stages, double* row_sums, std::index_sequence<S...>) {
    constexpr int count = sizeof...(S);
    for (int step = begin; step < end + count - 1; ++step) {
        auto stage = [&]<std::size_t s>(std::integral_constant<std::size_t, s>) {
            const int k = step - int(s);
            const int low = begin == 0 ? 0 : begin + int(s), high = end == grid.nz ? grid.nz : end - int(s);
            if (k >= low && k < high) run_plane(grid, k, std::get<s>(stages), row_sums);
        };
        (stage(std::integral_constant<std::size_t, S>{}), ...);
    }
}

template <class Stages, std::size_t... S>
inline void run_stages(const Grid& grid, const Stages& stages, double* row_sums, std::index_sequence<S...> all) {
    constexpr int count = sizeof...(S);
    if (grid.cells() < kParallelCells || omp_get_max_threads() == 1) {
        run_slab(grid, 0, grid.nz, stages, row_sums, all);
        return;
    }
#pragma omp parallel
    {
        const int thread = omp_get_thread_num(), threads = omp_get_num_threads();
        const int begin = int(Index(grid.nz) * thread / threads), end = int(Index(grid.nz) * (thread + 1) / threads);
        if (count == 1 || grid.nz < 2 * count * threads) {
            auto stage = [&](const auto& f) {
                run_rows(grid, f, row_sums, thread, threads);
                if constexpr (count > 1) {
#pragma omp barrier
                }
            };
            (stage(std::get<S>(stages)), ...);
        } else {
            run_slab(grid, begin, end, stages, row_sums, all);
            auto rims = [&]<std::size_t s>(std::integral_constant<std::size_t, s>) {
                if constexpr (s > 0) {
#pragma omp barrier
                    for (int k = begin; begin > 0 && k < begin + int(s); ++k) run_plane(grid, k, std::get<s>(stages), row_sums);
                    for (int k = end - int(s); end < grid.nz && k < end; ++k) run_plane(grid, k, std::get<s>(stages), row_sums);
                }
            };
            (rims(std::integral_constant<std::size_t, S>{}), ...);
        }
    }
}

// Adds the row sums in a fixed order.
inline double total(const double* row_sums, Index rows) {
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (Index row = 0; row < rows; ++row) sum += row_sums[row];
    return sum;
}

// Stages in order; at most one of them may sum, its total goes to *result (device memory) when result is given.
template <CellFunctor... Stages>
void sweep(Stream& stream, const Grid& grid, double* result, const Stages&... functors) {
    static_assert((int(kSums<Stages>) + ... + 0) <= 1, "one sum per sweep");
    constexpr bool sums = (kSums<Stages> || ...);
    stream.submit([=, &stream] {
        double* row_sums = sums ? stream.row_sums(grid.rows()) : nullptr;
        const std::tuple<Stages...> stages{loaded(functors)...};
        if (stream.reversed())
            std::apply([&](const auto&... f) { (run_reversed(grid, f, row_sums), ...); }, stages);
        else
            run_stages(grid, stages, row_sums, std::index_sequence_for<Stages...>{});
        if constexpr (sums) *result = total(row_sums, grid.rows());
    });
}

template <CellFunctor F>
void for_each_cell(Stream& stream, const Grid& grid, const F& f) {
    static_assert(!kSums<F>);
    sweep(stream, grid, nullptr, f);
}

template <class F>
[[gnu::noinline]] double largest_of_rows(const Grid& grid, Index begin, Index end, const F& shared) {
    const F f = shared;
    double most = 0.0;
    for (Index row = begin; row < end; ++row) {
        const int j = int(row % grid.ny), k = int(row / grid.ny);
        const Index first = grid.index(0, j, k);
#pragma omp simd reduction(max : most)
        for (int i = 0; i < grid.nx; ++i) {
            const double value = f(Cell{i, j, k, first + i});
            most = value > most ? value : most;
        }
    }
    return most;
}

// Largest value of a functor, none of whose values is negative; blocking. Thrust's transform_reduce, which does not vectorise,
// takes six times as long in members of 16^3 cells.
template <CellFunctor F>
double largest_of(Stream& stream, const Grid& grid, const F& f) {
    static_assert(kSums<F>);
    stream.synchronise();
    const Index rows = grid.rows();
    if (grid.cells() < kParallelCells || omp_get_max_threads() == 1) return largest_of_rows(grid, 0, rows, f);
    double most = 0.0;
#pragma omp parallel reduction(max : most)
    {
        const Index thread = omp_get_thread_num(), threads = omp_get_num_threads();
        most = largest_of_rows(grid, rows * thread / threads, rows * (thread + 1) / threads, f);
    }
    return most;
}

template <CellFunctor F>
void sum_cells(Stream& stream, const Grid& grid, double* result, const F& f) {
    static_assert(kSums<F>);
    sweep(stream, grid, result, f);
}

}  // namespace jt::JT_NS

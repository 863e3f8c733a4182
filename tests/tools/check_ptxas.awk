# SPDX-License-Identifier: Apache-2.0
# Reads what nvcc -Xptxas=-v printed. Our own kernels (jt::cuda::cell_kernel, sum_kernel over our functors) may neither spill
# registers nor keep a stack: both go through global memory in every cell of every sweep. Kernels inside CUB and Thrust are
# counted and left alone. Exit 1 if one of ours does, or if the report holds none of ours.
/Compiling entry function|Function properties for/ {
    name = $0
    sub(/.*(entry function '|properties for )/, "", name)
    sub(/'.*/, "", name)
}
/bytes stack frame/ {
    ours = name ~ /N2jt4cuda[0-9]+(cell|sum|row)[a-z_]*kernel/
    clean = $0 ~ /(^|[^0-9])0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads/
    if (ours) ++own; else ++others
    if (!clean && ours) { ++bad; print "  " name ":" $0 }
    if (!clean && !ours) ++others_with_stack
}
END {
    printf "ptxas: %d of our kernels, %d with a stack or spills; %d of CUB and Thrust, %d with a stack\n", own, bad, others, others_with_stack
    exit bad > 0 || own == 0
}

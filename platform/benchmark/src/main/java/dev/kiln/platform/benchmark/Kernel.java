package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.DType;

/**
 * A kernel on some operands.
 *
 * @param name says the kernel, its shape and its precision
 * @param flops floating-point operations of a call
 * @param bytes that a call has to read and write, each operand once
 * @param type of its products, for what bounds it
 */
record Kernel(String name, double flops, double bytes, DType type, Runnable call) {}

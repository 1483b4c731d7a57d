/**
 * A CPU backend over foreign memory, for authors of backends: they bring matrix products ({@link
 * dev.kiln.kernels.Gemm}) and memory ({@link dev.kiln.kernels.Memory}); everything around them is
 * here, in loops of the Vector API.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.kernels;

/** Kernels on whole tensors, outputs first; they know no graph. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.backend;

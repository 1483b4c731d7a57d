/**
 * Attention patterns that see part of the context: {@code banded} of GPT-3 (Brown et al., 2020,
 * section 2.1), {@code strided} and {@code fixed} of the Sparse Transformer (Child et al., 2019,
 * sections 4.2 and 4.3). Layouts are built in time and memory proportional to their spans.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.sparse;

/** The parts of a decoder-only Transformer, each once; model families wire them. */
@org.jspecify.annotations.NullMarked
package dev.kiln.toolkit;

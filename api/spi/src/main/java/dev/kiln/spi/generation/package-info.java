/** Choosing tokens. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.generation;

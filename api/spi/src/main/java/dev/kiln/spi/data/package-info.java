/** Corpora. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.data;

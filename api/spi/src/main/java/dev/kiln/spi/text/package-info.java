/** Tokenizers. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.text;

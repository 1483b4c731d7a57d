/** Measuring models. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.evaluation;

/** Text as tokens, in windows whose order is a function of seed and position; the door is {@link
 * dev.kiln.platform.training.corpus.Corpus}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.corpus;

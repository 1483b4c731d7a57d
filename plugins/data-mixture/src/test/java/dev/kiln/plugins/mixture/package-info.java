/** Makes mixtures of corpora in memory. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.mixture;

/** Several corpora as one. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.mixture;

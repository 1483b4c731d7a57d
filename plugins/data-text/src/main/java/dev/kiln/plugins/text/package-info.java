/** Corpora in files: plain text, JSON lines, and tokens that were made elsewhere. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.text;

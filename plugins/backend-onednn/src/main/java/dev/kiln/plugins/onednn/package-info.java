/** The fast CPU backend, on oneDNN. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.onednn;

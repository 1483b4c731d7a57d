/** Using a trained model: loading it, and letting it write. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.inference;

/** The AdamW optimizer. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.adamw;

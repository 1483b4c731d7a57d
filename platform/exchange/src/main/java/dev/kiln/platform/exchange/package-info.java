/** Models from and to Hugging Face folders. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.exchange;

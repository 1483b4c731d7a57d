/** One token a character, as in character-level language models (nanoGPT's among them). */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.chars;

/** The language-model head. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.languagemodel;

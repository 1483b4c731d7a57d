/** WordNet 3.1 (Fellbaum, 1998; Princeton University) as a corpus of English definitions, and as tasks. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.wordnet;

/** Proves that nothing is lost and nothing broken is loaded. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.storage;

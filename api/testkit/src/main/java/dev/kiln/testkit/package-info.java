/**
 * What a plugin author checks a plugin with: abstract contract tests to subclass, and the naive
 * reference backend that they compare with.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.testkit;

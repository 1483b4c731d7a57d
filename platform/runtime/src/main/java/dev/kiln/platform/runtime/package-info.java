/**
 * Where plugins become extensions: archives, class loaders, injection, the catalog. All of it is
 * over before the first step of a run.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.runtime;

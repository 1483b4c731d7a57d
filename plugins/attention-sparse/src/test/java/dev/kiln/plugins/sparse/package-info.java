@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.sparse;

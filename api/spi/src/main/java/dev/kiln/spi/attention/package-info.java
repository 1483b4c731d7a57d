/** Attention variants as data: which keys each query sees. Every backend runs any of them. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.attention;

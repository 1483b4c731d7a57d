/** What models are made of and written in. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.model;

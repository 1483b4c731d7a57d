/** The shape of every extension: a named {@link dev.kiln.spi.Factory} with a record of options. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi;

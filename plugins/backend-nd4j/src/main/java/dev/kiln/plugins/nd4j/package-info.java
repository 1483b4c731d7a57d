/** The portable CPU backend: ND4J's memory and its OpenBLAS, with Kiln's own vector kernels. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.nd4j;

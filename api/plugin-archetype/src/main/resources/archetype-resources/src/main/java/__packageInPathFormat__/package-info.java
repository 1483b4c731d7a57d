/** Adds {@code ${word}} to Kiln. */
@org.jspecify.annotations.NullMarked
package ${package};

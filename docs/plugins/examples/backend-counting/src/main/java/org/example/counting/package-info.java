/** Counts the kernels that a run calls. */
@org.jspecify.annotations.NullMarked
package org.example.counting;

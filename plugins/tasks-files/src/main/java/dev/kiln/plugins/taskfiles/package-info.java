/** Tasks whose files their makers publish: GLUE's, RACE, LAMBADA and others. Kiln ships none. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.taskfiles;

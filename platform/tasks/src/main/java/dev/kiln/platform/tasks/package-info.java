/** Labelled tasks as a head reads and answers them; the door is {@link
 * dev.kiln.platform.tasks.HeadTask}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.tasks;

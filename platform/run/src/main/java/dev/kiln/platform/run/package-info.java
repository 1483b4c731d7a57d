/** What every run has: a folder that it alone writes, a recipe that is kept and compared, listeners
 * that are told events; the door is {@link dev.kiln.platform.run.RunFolder}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.run;

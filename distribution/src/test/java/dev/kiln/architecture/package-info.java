/** The blueprint's dependency rules, asserted on the compiled classes of every module. */
package dev.kiln.architecture;

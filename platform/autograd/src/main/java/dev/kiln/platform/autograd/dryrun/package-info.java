/**
 * A dry run: a model's own code on a backend that computes nothing, to learn shapes, memory, operations and
 * what weights are used for; the door is {@link dev.kiln.platform.autograd.dryrun.CountingBackend}.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.autograd.dryrun;

/** Ways to do a task side by side: a fine-tuned head, a prompt, solved examples, baselines. */
package dev.kiln.platform.comparison;

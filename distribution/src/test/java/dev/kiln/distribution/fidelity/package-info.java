/** Kiln's numbers beside those that transformers and PyTorch recorded. */
package dev.kiln.distribution.fidelity;

package dev.kiln.plugins.adamw;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of {@code adamw}; the defaults are GPT-3's. */
public record AdamWOptions(
        @Doc("decay rate of the mean of the gradients")
                @Default("0.9")
                @Range(min = 0, max = 0.999999)
                double beta1,
        @Doc("decay rate of the mean of the squared gradients")
                @Default("0.95")
                @Range(min = 0, max = 0.999999)
                double beta2,
        @Doc("added to the root of the mean of the squared gradients, against division by zero")
                @Default("1e-8")
                @Range(min = 1e-30, max = 1)
                double epsilon,
        @Doc("decoupled weight decay of matrices and embeddings; biases and gains have none")
                @Default("0.1")
                @Range(min = 0, max = 10)
                double weightDecay,
        @Doc("what the moments of matrices are kept in: int8 takes a quarter of float32's memory")
                @Default("float32")
                MomentType state) {}

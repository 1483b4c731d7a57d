package dev.kiln.plugins.text;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.data.Order;
import java.util.Optional;

/** Options of {@code tokens}. */
public record TokensOptions(
        @Doc("file of the token ids to train on, for example nanoGPT's train.bin") String train,
        @Doc(
                        "file of the token ids to measure on, for example nanoGPT's val.bin; leaving it"
                                + " out means no held-out loss")
                Optional<String> heldOut,
        @Doc("type of an id, little-endian; a file with llm.c's header has its own")
                @Default("uint16")
                TokenType dtype,
        @Doc("order of the training windows") @Default("shuffled") Order order) {}

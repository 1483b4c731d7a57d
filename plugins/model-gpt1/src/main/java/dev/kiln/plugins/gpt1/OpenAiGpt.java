package dev.kiln.plugins.gpt1;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.toolkit.huggingface.ActivationNames;
import dev.kiln.toolkit.huggingface.ConfigForm;
import dev.kiln.toolkit.huggingface.FusedLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Hugging Face form {@code openai-gpt}. */
final class OpenAiGpt {
    /** Its {@code "gelu"} is the tanh form, and it has names for few others. */
    private static final ActivationNames ACTIVATIONS =
            new ActivationNames(
                    "afn",
                    List.of(
                            new ActivationNames.Name("gelu", ActivationFunction.GELU_TANH),
                            new ActivationNames.Name("silu", ActivationFunction.SILU),
                            new ActivationNames.Name("swish", ActivationFunction.SILU),
                            new ActivationNames.Name("relu", ActivationFunction.RELU)));

    static final FusedLayout LAYOUT =
            new FusedLayout(
                    new ConfigForm(
                            "openai-gpt",
                            "OpenAIGPTLMHeadModel",
                            "post",
                            ConfigForm.Keys.GPT1,
                            ACTIVATIONS,
                            Map.of(
                                    "n_layer",
                                    12,
                                    "n_head",
                                    12,
                                    "n_embd",
                                    768,
                                    "n_positions",
                                    512,
                                    "embd_pdrop",
                                    0.1,
                                    "attn_pdrop",
                                    0.1,
                                    "resid_pdrop",
                                    0.1,
                                    "afn",
                                    "gelu")),
                    Optional.empty(),
                    List.of("h\\.\\d+\\.attn\\.bias", "position_ids"));

    private OpenAiGpt() {}
}

package dev.kiln.plugins.gpt1;

import dev.kiln.spi.backend.Gelu;
import dev.kiln.toolkit.huggingface.Activations;
import dev.kiln.toolkit.huggingface.ConfigForm;
import dev.kiln.toolkit.huggingface.FusedLayout;
import java.util.List;
import java.util.Map;

/** The Hugging Face form {@code openai-gpt}. */
final class OpenAiGpt {
    /** Its {@code "gelu"} is the tanh form, and it has no name for the other. */
    private static final Activations ACTIVATIONS =
            new Activations("afn", List.of(new Activations.Name("gelu", Gelu.TANH)));

    static final FusedLayout LAYOUT =
            new FusedLayout(
                    new ConfigForm(
                            "openai-gpt",
                            "OpenAIGPTLMHeadModel",
                            "post",
                            ConfigForm.Keys.RELEASED,
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
                    List.of("h\\.\\d+\\.attn\\.bias", "position_ids"));

    private OpenAiGpt() {}
}

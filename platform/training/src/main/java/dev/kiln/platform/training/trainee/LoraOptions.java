package dev.kiln.platform.training.trainee;

import dev.kiln.platform.storage.NewAdapter;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import java.util.List;

/** Low-rank adapters (Hu et al., 2022). */
public record LoraOptions(
        @Doc("columns of A and rows of B") @Default("8") @Range(min = 1) int rank,
        @Doc("the change A · B is multiplied by alpha / rank") @Default("16") @Range(min = 0)
                double alpha,
        @Doc("ends of the names of matrices that get an adapter, such as c_attn or h.0.mlp.c_fc")
                @Default("[attn.c_attn]")
                List<String> targets,
        @Doc("dropout of what goes into the adapters") @Default("0") @Range(min = 0, max = 0.99)
                double dropout) {

    /**
     * What an adapter's file says of them.
     *
     * @param base the model that is adapted
     */
    public NewAdapter.Settings settings(String base) {
        return new NewAdapter.Settings(base, rank, alpha, dropout);
    }
}

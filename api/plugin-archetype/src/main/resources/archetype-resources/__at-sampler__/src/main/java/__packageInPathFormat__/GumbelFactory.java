package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.Range;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.generation.SamplerFactory;
import org.pf4j.Extension;

/** {@code ${word}}: the highest logit after noise of Gumbel's is added. */
@Extension
public final class GumbelFactory implements SamplerFactory<GumbelFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("what the noise is multiplied by; 0 for none")
                    @Default("1")
                    @Range(min = 0)
                    double noise) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public Sampler create(Options options, Context context) {
        return (logits, history, length, key) -> {
            int best = -1;
            double highest = Double.NEGATIVE_INFINITY;
            for (int id = 0; id < logits.length; id++) {
                double score = logits[id] + options.noise() * gumbel(key, id);
                if (score > highest) {
                    highest = score;
                    best = id;
                }
            }
            return best;
        };
    }

    private static double gumbel(long key, int id) {
        double uniform = Math.max(Randomness.uniform(key, id), 0x1.0p-53);
        return -Math.log(-Math.log(uniform));
    }
}

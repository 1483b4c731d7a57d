package dev.kiln.plugins.gpt3;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import java.util.Map;
import java.util.Set;
import org.pf4j.Extension;

/** {@code gpt3}: the model of Brown et al. (2020). */
@Extension
public final class Gpt3Factory implements ModelFamilyFactory<Gpt3Options> {

    @Override
    public String name() {
        return "gpt3";
    }

    @Override
    public Class<Gpt3Options> options() {
        return Gpt3Options.class;
    }

    @Override
    public ModelFamily create(Gpt3Options options, Context context) {
        return new Gpt3(options, options.pattern(context), options.norm().create(context));
    }

    @Override
    public Set<String> huggingFaceTypes() {
        return Set.of(GptNeo.TYPE);
    }

    @Override
    public Map<String, Object> huggingFaceOptions(Map<String, Object> values) {
        return GptNeo.options(values);
    }

    @Override
    public Map<String, Object> huggingFaceDefaults(Map<String, Object> values) {
        return GptNeo.defaults(values);
    }
}

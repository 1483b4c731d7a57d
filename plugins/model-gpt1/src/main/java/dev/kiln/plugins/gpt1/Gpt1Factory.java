package dev.kiln.plugins.gpt1;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.toolkit.huggingface.HuggingFaceConfig;
import java.util.Map;
import java.util.Set;
import org.pf4j.Extension;

/** {@code gpt1}: the model of Radford et al. (2018). */
@Extension
public final class Gpt1Factory implements ModelFamilyFactory<Gpt1Options> {

    @Override
    public String name() {
        return "gpt1";
    }

    @Override
    public Class<Gpt1Options> options() {
        return Gpt1Options.class;
    }

    @Override
    public ModelFamily create(Gpt1Options options, Context context) {
        return new Gpt1(options, options.pattern(context), options.norm().create(context));
    }

    @Override
    public Set<String> huggingFaceTypes() {
        return Set.of(OpenAiGpt.LAYOUT.form().type());
    }

    @Override
    public Map<String, Object> huggingFaceOptions(Map<String, Object> values) {
        return OpenAiGpt.LAYOUT.options(config(values));
    }

    @Override
    public Map<String, Object> huggingFaceDefaults(Map<String, Object> values) {
        return config(values).assumed();
    }

    private static HuggingFaceConfig config(Map<String, Object> values) {
        return OpenAiGpt.LAYOUT.form().config(values);
    }
}

package dev.kiln.plugins.gpt2;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.toolkit.huggingface.ConfigForm;
import dev.kiln.toolkit.huggingface.FusedLayout;
import dev.kiln.toolkit.huggingface.HuggingFaceConfig;
import java.util.Map;
import java.util.Set;
import org.pf4j.Extension;

/** {@code gpt2}: the model of Radford et al. (2019). */
@Extension
public final class Gpt2Factory implements ModelFamilyFactory<Gpt2Options> {
    private static final ConfigForm FORM = FusedLayout.GPT2.form();

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public Class<Gpt2Options> options() {
        return Gpt2Options.class;
    }

    @Override
    public ModelFamily create(Gpt2Options options, Context context) {
        return new Gpt2(options, options.pattern(context), options.norm().create(context));
    }

    @Override
    public Set<String> huggingFaceTypes() {
        return Set.of(FORM.type());
    }

    @Override
    public Map<String, Object> huggingFaceOptions(Map<String, Object> values) {
        HuggingFaceConfig config = FORM.config(values);
        config.expectIfThere("add_cross_attention", false, "false");
        return FusedLayout.GPT2.options(config);
    }

    @Override
    public Map<String, Object> huggingFaceDefaults(Map<String, Object> values) {
        return FORM.config(values).assumed();
    }
}

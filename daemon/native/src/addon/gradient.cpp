// The JavaScript face of gradients: what a request is made of, and a run on a thread of the pool.

#include "gradient.h"

#include "clock.h"
#include "convert.h"
#include "model.h"
#include "topology.h"

#include <stdexcept>

Napi::FunctionReference Gradient::constructor;

Napi::Function Gradient::define(Napi::Env env) {
    auto f = DefineClass(env, "NativeGradient", {
        InstanceMethod<&Gradient::estimate>("estimate"),
        InstanceMethod<&Gradient::weights>("weights"),
        InstanceMethod<&Gradient::run>("run"),
        InstanceMethod<&Gradient::cancel>("cancel"),
        InstanceMethod<&Gradient::close>("close"),
    });
    constructor = Napi::Persistent(f);
    constructor.SuppressDestruct();
    return f;
}

Gradient::Gradient(const Napi::CallbackInfo & info) : Napi::ObjectWrap<Gradient>(info) {
    model = info[0].As<Napi::External<llama_model>>().Data();
    id    = llama_steer_model_id(model);
    auto o = info[1].As<Napi::Object>();
    model_reference = Napi::Reference<Napi::Value>::New(info[2], 1);
    guarded(info.Env(), [&] {
        gradient = std::make_unique<llama_steer_gradient>(*model, (uint32_t) number(o, "ropeContext"), (int) number(o, "threads"), boolean(o, "keepWeights"));
    });
}

static llama_steer_gradient_request request_of(const Napi::Object & o) {
    llama_steer_gradient_request r;
    r.tokens = values<int32_t>(field(o, "tokens"), "tokens");
    if (o.Get("threads").IsNumber()) { r.n_threads = (int) number(o, "threads"); }
    if (o.Get("embeddings").IsObject()) {
        auto e = o.Get("embeddings").As<Napi::Object>();
        r.embeddings      = values<float>(field(e, "values"), "embeddings.values");
        r.embeddings_from = (int) number(e, "from");
    }
    auto each = [&](const char * name, auto run) {
        auto list = array(o, name);
        for (uint32_t i = 0; i < list.Length(); ++i) { run(list.Get(i).As<Napi::Object>()); }
    };
    each("tokenTerms", [&](Napi::Object t) { r.token_terms.push_back({ (int) number(t, "position"), (llama_token) number(t, "token"), (float) number(t, "weight") }); });
    each("stateTerms", [&](Napi::Object t) { r.state_terms.push_back({ site_of(t), (int) number(t, "layer"), (int) number(t, "from"), (int) number(t, "rows"), (float) number(t, "weight"), values<float>(field(t, "values"), "stateTerms.values") }); });
    each("shifts",     [&](Napi::Object t) { r.shifts.push_back({ site_of(t), (int) number(t, "layer"), (int) number(t, "from"), (int) number(t, "rows"), values<float>(field(t, "values"), "shifts.values") }); });
    each("wants", [&](Napi::Object t) {
        const auto what = text(t, "what");
        r.wants.push_back({ site_of(t), (int) number(t, "layer"), what == "gradient" ? llama_steer_gradient_request::GRADIENT : what == "value" ? llama_steer_gradient_request::VALUE : llama_steer_gradient_request::PRODUCT });
    });
    return r;
}

void Gradient::require_idle() const {
    Model::require_loaded(model, id);
    if (!gradient) { throw std::runtime_error("closed"); }
    if (running)   { throw std::runtime_error("a gradient is being computed"); }
}

// bytes beside the weights, at most
Napi::Value Gradient::estimate(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        require_idle();
        return Napi::Number::New(info.Env(), (double) gradient->estimate(request_of(info[0].As<Napi::Object>())));
    });
}

Napi::Value Gradient::weights(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        require_idle();
        return Napi::Number::New(info.Env(), (double) gradient->weights(info[0].As<Napi::Boolean>().Value()));
    });
}

Napi::Value Gradient::cancel(const Napi::CallbackInfo & info) {
    cancelled = true;
    return info.Env().Undefined();
}

// gives its memory back, which a collector of garbage would not see
Napi::Value Gradient::close(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        require_idle();
        gradient.reset();
        return info.Env().Undefined();
    });
}

class GradientWorker : public Napi::AsyncWorker {
public:
    GradientWorker(Napi::Env env, Gradient & owner, llama_steer_gradient_request request)
        : Napi::AsyncWorker(env, "tiller-gradient"), deferred(Napi::Promise::Deferred::New(env)), owner(owner), held(Napi::Persistent(owner.Value())), request(std::move(request)) {}

    Napi::Promise promise() const { return deferred.Promise(); }

    void Execute() override {
        const double cpu = cpu_now_us();
        try {
            result = owner.gradient->run(request, owner.cancelled);
        } catch (const std::exception & e) {
            SetError(e.what());
        }
        cpu_us = cpu_now_us() - cpu;
    }

    void OnOK() override {
        owner.running = false;
        auto env = Env();
        auto o = Napi::Object::New(env);
        o.Set("loss", Napi::Number::New(env, result.loss));
        o.Set("logprobs", to_js(env, result.logprobs));
        auto wanted = Napi::Array::New(env, result.wanted.size());
        for (uint32_t i = 0; i < result.wanted.size(); ++i) { wanted.Set(i, to_js(env, result.wanted[i])); }
        o.Set("wanted", wanted);
        o.Set("forwardMicros", Napi::Number::New(env, result.forward_micros));
        o.Set("cpuMicros", Napi::Number::New(env, cpu_us));
        o.Set("backwardMicros", Napi::Number::New(env, result.backward_micros));
        deferred.Resolve(o);
    }

    void OnError(const Napi::Error & error) override {
        owner.running = false;
        deferred.Reject(error.Value());
    }

private:
    Napi::Promise::Deferred deferred;
    Gradient & owner;
    Napi::ObjectReference held; // JavaScript may let go of it meanwhile
    llama_steer_gradient_request request;
    llama_steer_gradient_result  result;
    double cpu_us = 0; // processor time that this process used meanwhile
};

Napi::Value Gradient::run(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        require_idle();
        auto request = request_of(info[0].As<Napi::Object>());
        cancelled = false;
        auto * worker = new GradientWorker(env, *this, std::move(request));
        running = true;
        worker->Queue();
        return worker->promise();
    });
}

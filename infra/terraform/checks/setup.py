"""Sets an emulator up from what Terraform rendered: each resource with the values that it has there.

What AWS would have named (addresses of the API and of the CDN) gets other names here; `Installation.names` maps
them. Nothing else is changed, except that functions get one variable more: where browsers find S3.
"""
import json
import pathlib

BUCKETS = ("uploads", "processed", "frontend")


def words(values, pairs):
    """Arguments of an SDK from attributes of Terraform, without those that are not set."""
    given = {ours: values.get(theirs) for ours, theirs in pairs.items()}
    return {name: value for name, value in given.items() if value not in (None, "", [])}


class Installation:
    """One installation on an emulator."""

    def __init__(self, emulator, rendered, functions):
        self.emulator, self.rendered, self.functions = emulator, rendered, pathlib.Path(functions)
        self.names = {}
        self.api_path = self.site_host = ""
        self.s3 = emulator.client("s3")
        self.lambdas = emulator.client("lambda")
        self.sqs = emulator.client("sqs")

    def real(self, text):
        """The text with the names that the emulator gave instead of those that were rendered."""
        for rendered, here in self.names.items():
            text = text.replace(rendered, here)
        return text

    def over_http(self, policy):
        """The policy without its demand for TLS, which the emulator does not speak: permissions.py looks at that."""
        document = json.loads(self.real(policy))
        document["Statement"] = [s for s in document["Statement"] if s["Sid"] != "OnlyOverTls"] or [{
            # Says nothing, as a policy needs a statement.
            "Effect": "Deny", "Principal": "*", "Action": "s3:PutObjectAcl",
            "Resource": document["Statement"][0]["Resource"][1]}]
        return json.dumps(document)

    def set_up(self):
        """In the order in which one needs the other."""
        self.queues()
        self.buckets()
        self.roles()
        self.logs()
        self.make_functions()
        self.api()
        self.cdn()
        self.bucket_rules()
        self.watch()

    def queues(self):
        """Queues and their policy."""
        for name in ("dead_letters", "originals"):
            queue = self.rendered.one(f"aws_sqs_queue.{name}")
            attributes = words(queue, {
                "VisibilityTimeout": "visibility_timeout_seconds", "MessageRetentionPeriod": "message_retention_seconds",
                "ReceiveMessageWaitTimeSeconds": "receive_wait_time_seconds", "RedrivePolicy": "redrive_policy",
            })
            made = self.sqs.create_queue(
                QueueName=queue["name"], Attributes={key: str(value) for key, value in attributes.items()})
            self.names[queue["id"]] = made["QueueUrl"]
        policy = self.rendered.one("aws_sqs_queue_policy.originals")
        self.sqs.set_queue_attributes(
            QueueUrl=self.names[policy["queue_url"]], Attributes={"Policy": self.over_http(policy["policy"])})

    def buckets(self):
        """The buckets, private and encrypted."""
        for role in BUCKETS:
            name = self.rendered.one(f'aws_s3_bucket.main["{role}"]')["bucket"]
            place = {"LocationConstraint": "eu-central-1"}
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
            block = self.rendered.one(f'aws_s3_bucket_public_access_block.main["{role}"]')
            self.s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=words(block, {
                "BlockPublicAcls": "block_public_acls", "BlockPublicPolicy": "block_public_policy",
                "IgnorePublicAcls": "ignore_public_acls", "RestrictPublicBuckets": "restrict_public_buckets",
            }))
            owner = self.rendered.one(f'aws_s3_bucket_ownership_controls.main["{role}"]')["rule"][0]
            self.s3.put_bucket_ownership_controls(
                Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": owner["object_ownership"]}]})
        versioning = self.rendered.one("aws_s3_bucket_versioning.frontend")
        self.s3.put_bucket_versioning(Bucket=versioning["bucket"], VersioningConfiguration={
            "Status": versioning["versioning_configuration"][0]["status"]})

    def roles(self):
        """Roles and what they may."""
        iam = self.emulator.client("iam")
        for _, role in self.rendered.of("aws_iam_role"):
            made = iam.create_role(RoleName=role["name"], AssumeRolePolicyDocument=role["assume_role_policy"])
            self.names[role["id"]] = role["name"]
            assert made["Role"]["Arn"] == role["arn"], made["Role"]["Arn"]
        for _, policy in self.rendered.of("aws_iam_role_policy"):
            iam.put_role_policy(
                RoleName=self.names[policy["role"]], PolicyName=policy["name"], PolicyDocument=policy["policy"])

    def logs(self):
        """Log groups, and the numbers that are read from them."""
        logs = self.emulator.client("logs")
        for _, group in self.rendered.of("aws_cloudwatch_log_group"):
            logs.create_log_group(logGroupName=group["name"])
            logs.put_retention_policy(logGroupName=group["name"], retentionInDays=group["retention_in_days"])
        for _, metric in self.rendered.of("aws_cloudwatch_log_metric_filter"):
            to = metric["metric_transformation"][0]
            logs.put_metric_filter(
                logGroupName=metric["log_group_name"], filterName=metric["name"], filterPattern=metric["pattern"],
                metricTransformations=[words(to, {
                    "metricNamespace": "namespace", "metricName": "name", "metricValue": "value", "unit": "unit",
                    "dimensions": "dimensions",
                })])

    def make_functions(self):
        """The functions as they were built here, their aliases, and what calls the processor."""
        for name in ("edge_api", "processor"):
            function = self.rendered.one(f"aws_lambda_function.{name}")
            variables = dict(function["environment"][0]["variables"])
            if name == "edge_api":
                variables["S3_PUBLIC_ENDPOINT"] = self.emulator.url
            self.lambdas.create_function(
                FunctionName=function["function_name"], Role=function["role"], Runtime=function["runtime"],
                Handler=function["handler"], Timeout=function["timeout"], MemorySize=function["memory_size"],
                Publish=function["publish"], Environment={"Variables": variables},
                Code={"ZipFile": (self.functions / pathlib.Path(function["filename"]).name).read_bytes()})
            alias = self.rendered.one(f"aws_lambda_alias.{name}")
            made = self.lambdas.create_alias(
                FunctionName=alias["function_name"], Name=alias["name"], FunctionVersion="1")
            assert made["AliasArn"] == alias["arn"], made["AliasArn"]
        source = self.rendered.one("aws_lambda_event_source_mapping.originals")
        self.lambdas.create_event_source_mapping(**words(source, {
            "EventSourceArn": "event_source_arn", "FunctionName": "function_name", "BatchSize": "batch_size",
            "MaximumBatchingWindowInSeconds": "maximum_batching_window_in_seconds",
            "FunctionResponseTypes": "function_response_types",
        }), ScalingConfig={"MaximumConcurrency": source["scaling_config"][0]["maximum_concurrency"]})

    def api(self):
        """The HTTP API with its way to the function."""
        gateway = self.emulator.client("apigatewayv2")
        api = self.rendered.one("aws_apigatewayv2_api.main")
        made = gateway.create_api(Name=api["name"], ProtocolType=api["protocol_type"])
        self.names[api["id"]] = made["ApiId"]
        self.api_path = f"/_aws/execute-api/{made['ApiId']}/$default"
        to = self.rendered.one("aws_apigatewayv2_integration.edge_api")
        integration = gateway.create_integration(ApiId=made["ApiId"], **words(to, {
            "IntegrationType": "integration_type", "IntegrationUri": "integration_uri",
            "PayloadFormatVersion": "payload_format_version", "TimeoutInMillis": "timeout_milliseconds",
        }))
        self.names[to["id"]] = integration["IntegrationId"]
        for _, route in self.rendered.of("aws_apigatewayv2_route"):
            gateway.create_route(
                ApiId=made["ApiId"], RouteKey=route["route_key"], Target=self.real(route["target"]),
                AuthorizationType=route["authorization_type"])
        stage = self.rendered.one("aws_apigatewayv2_stage.main")
        limits = stage["default_route_settings"][0]
        gateway.create_stage(
            ApiId=made["ApiId"], StageName=stage["name"], AutoDeploy=stage["auto_deploy"],
            DefaultRouteSettings={
                "ThrottlingRateLimit": limits["throttling_rate_limit"],
                "ThrottlingBurstLimit": limits["throttling_burst_limit"]})
        permission = self.rendered.one("aws_lambda_permission.api")
        self.lambdas.add_permission(
            FunctionName=permission["function_name"], Qualifier=permission["qualifier"],
            StatementId=permission["statement_id"], Action=permission["action"], Principal=permission["principal"],
            SourceArn=self.real(permission["source_arn"]))

    def cdn(self):
        """The distribution, with its function and policies."""
        cdn = self.emulator.client("cloudfront")
        control = self.rendered.one("aws_cloudfront_origin_access_control.s3")
        made = cdn.create_origin_access_control(OriginAccessControlConfig={
            "Name": control["name"], "SigningProtocol": control["signing_protocol"],
            "SigningBehavior": control["signing_behavior"],
            "OriginAccessControlOriginType": control["origin_access_control_origin_type"]})
        self.names[control["id"]] = made["OriginAccessControl"]["Id"]
        function = self.rendered.one("aws_cloudfront_function.page")
        made = cdn.create_function(
            Name=function["name"], FunctionCode=function["code"].encode(),
            FunctionConfig={"Comment": function["comment"], "Runtime": function["runtime"]})
        cdn.publish_function(Name=function["name"], IfMatch=made["ETag"])
        self.names[function["arn"]] = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
        for _, policy in self.rendered.of("aws_cloudfront_cache_policy"):
            keys = policy["parameters_in_cache_key_and_forwarded_to_origin"][0]
            made = cdn.create_cache_policy(CachePolicyConfig={
                **words(policy, {"Name": "name", "MinTTL": "min_ttl", "DefaultTTL": "default_ttl", "MaxTTL": "max_ttl"}),
                "ParametersInCacheKeyAndForwardedToOrigin": {
                    "EnableAcceptEncodingGzip": keys["enable_accept_encoding_gzip"],
                    "EnableAcceptEncodingBrotli": keys["enable_accept_encoding_brotli"],
                    "HeadersConfig": {"HeaderBehavior": keys["headers_config"][0]["header_behavior"]},
                    "CookiesConfig": {"CookieBehavior": keys["cookies_config"][0]["cookie_behavior"]},
                    "QueryStringsConfig": {"QueryStringBehavior": keys["query_strings_config"][0]["query_string_behavior"]},
                }})
            self.names[policy["id"]] = made["CachePolicy"]["Id"]
        for _, policy in self.rendered.of("aws_cloudfront_response_headers_policy"):
            made = cdn.create_response_headers_policy(ResponseHeadersPolicyConfig={
                "Name": policy["name"], "SecurityHeadersConfig": security(policy["security_headers_config"][0]),
                "CustomHeadersConfig": more_headers(policy["custom_headers_config"])})
            self.names[policy["id"]] = made["ResponseHeadersPolicy"]["Id"]
        site = self.rendered.one("aws_cloudfront_distribution.site")
        made = cdn.create_distribution(DistributionConfig=self.distribution(site))["Distribution"]
        self.names[site["arn"]] = made["ARN"]
        self.names[site["id"]] = made["Id"]
        self.site_host = made["DomainName"]

    def distribution(self, site):
        """The distribution in the SDK's words."""
        def behaviour(values):
            functions = values["function_association"] or []
            return {
                **words(values, {
                    "PathPattern": "path_pattern", "TargetOriginId": "target_origin_id",
                    "ViewerProtocolPolicy": "viewer_protocol_policy", "Compress": "compress"}),
                "AllowedMethods": {
                    "Quantity": len(values["allowed_methods"]), "Items": sorted(values["allowed_methods"]),
                    "CachedMethods": {"Quantity": len(values["cached_methods"]), "Items": sorted(values["cached_methods"])}},
                **{name: self.real(values[field]) for name, field in {
                    "CachePolicyId": "cache_policy_id", "OriginRequestPolicyId": "origin_request_policy_id",
                    "ResponseHeadersPolicyId": "response_headers_policy_id"}.items() if values[field]},
                "FunctionAssociations": {"Quantity": len(functions), "Items": [
                    {"EventType": f["event_type"], "FunctionARN": self.real(f["function_arn"])} for f in functions]},
            }

        def origin(values):
            headers = values["custom_header"] or []
            custom = values["custom_origin_config"]
            domain, path = self.real(values["domain_name"]), ""
            if custom:  # Names below localhost are not known everywhere: the emulator's other way to an API.
                domain, path = "localhost", self.api_path
            kind = {"CustomOriginConfig": {
                "HTTPPort": self.emulator.port, "HTTPSPort": self.emulator.port, "OriginProtocolPolicy": "http-only",
            }} if custom else {
                "S3OriginConfig": {"OriginAccessIdentity": ""},
                "OriginAccessControlId": self.real(values["origin_access_control_id"])}
            return {
                "Id": values["origin_id"], "DomainName": domain, "OriginPath": path, **kind,
                "CustomHeaders": {"Quantity": len(headers), "Items": [
                    {"HeaderName": h["name"], "HeaderValue": h["value"]} for h in headers]}}

        ordered = [behaviour(values) for values in site["ordered_cache_behavior"]]
        origins = [origin(values) for values in site["origin"]]
        return {
            "CallerReference": "rendered", "Comment": site["comment"], "Enabled": site["enabled"],
            "DefaultRootObject": site["default_root_object"],
            "Origins": {"Quantity": len(origins), "Items": origins},
            "DefaultCacheBehavior": behaviour(site["default_cache_behavior"][0]),
            "CacheBehaviors": {"Quantity": len(ordered), "Items": ordered},
        }

    def bucket_rules(self):
        """What names others: policies, CORS, lifecycles, and the way from the uploads bucket to the queue."""
        for role in BUCKETS:
            policy = self.rendered.one(f'aws_s3_bucket_policy.main["{role}"]')
            self.s3.put_bucket_policy(Bucket=policy["bucket"], Policy=self.over_http(policy["policy"]))
        rule = self.rendered.one("aws_s3_bucket_cors_configuration.uploads")["cors_rule"][0]
        self.s3.put_bucket_cors(
            Bucket=self.rendered.outputs["uploads_bucket"], CORSConfiguration={"CORSRules": [words(rule, {
                "AllowedMethods": "allowed_methods", "AllowedOrigins": "allowed_origins",
                "AllowedHeaders": "allowed_headers", "ExposeHeaders": "expose_headers", "MaxAgeSeconds": "max_age_seconds",
            })]})
        queue = self.rendered.one("aws_s3_bucket_notification.uploads")["queue"][0]
        self.s3.put_bucket_notification_configuration(
            Bucket=self.rendered.outputs["uploads_bucket"], NotificationConfiguration={"QueueConfigurations": [{
                "Id": queue["id"], "QueueArn": queue["queue_arn"], "Events": queue["events"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": queue["filter_prefix"]}]}}}]})

    def watch(self):
        """Topic, alarms and dashboard: the emulator refuses what is malformed."""
        self.emulator.client("sns").create_topic(Name=self.rendered.one("aws_sns_topic.alarms")["name"])
        watch = self.emulator.client("cloudwatch")
        for _, alarm in self.rendered.of("aws_cloudwatch_metric_alarm"):
            watch.put_metric_alarm(**words(alarm, {
                "AlarmName": "alarm_name", "AlarmDescription": "alarm_description", "Namespace": "namespace",
                "MetricName": "metric_name", "Statistic": "statistic", "ExtendedStatistic": "extended_statistic",
                "ComparisonOperator": "comparison_operator", "Threshold": "threshold", "Period": "period",
                "EvaluationPeriods": "evaluation_periods", "TreatMissingData": "treat_missing_data",
                "AlarmActions": "alarm_actions", "OKActions": "ok_actions",
            }), Dimensions=[{"Name": name, "Value": value} for name, value in alarm["dimensions"].items()])
        board = self.rendered.one("aws_cloudwatch_dashboard.main")
        watch.put_dashboard(DashboardName=board["dashboard_name"], DashboardBody=board["dashboard_body"])


def more_headers(blocks):
    """Headers that have no field of their own, in the SDK's words."""
    items = [
        {"Header": item["header"], "Value": item["value"], "Override": item["override"]}
        for block in blocks or [] for item in block["items"]
    ]
    return {"Quantity": len(items), "Items": items}


def security(values):
    """Headers of a response policy in the SDK's words."""
    csp, frame = values["content_security_policy"][0], values["frame_options"][0]
    referrer, tls = values["referrer_policy"][0], values["strict_transport_security"][0]
    return {
        "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": csp["content_security_policy"]},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"Override": True, "FrameOption": frame["frame_option"]},
        "ReferrerPolicy": {"Override": True, "ReferrerPolicy": referrer["referrer_policy"]},
        "StrictTransportSecurity": {
            "Override": True, "IncludeSubdomains": tls["include_subdomains"],
            "AccessControlMaxAgeSec": tls["access_control_max_age_sec"]},
    }
